import type { Listed } from '../api/useAsked.ts'
import type { Both } from '../words/say.ts'
import { say, sayBoth } from '../words/say.ts'
import { type Column, Table } from './table.tsx'
import { Waiting, WhyNot } from './told.tsx'

interface ListProps<T> {
  readonly list: Listed<T>
  readonly caption: Both
  readonly columns: readonly Column<T>[]
  readonly nothing?: Both | undefined
  readonly rowClass?: ((row: T) => string) | undefined
}

/** A list from the server: more comes as one goes down, and all of it where that is wanted. */
export function List<T>({ list, caption, columns, nothing, rowClass }: ListProps<T>) {
  const { items, told, busy, more, next, all } = list
  if (!told) return <Waiting />
  if (told.kind !== 'ok' && items.length === 0) return <WhyNot told={told} />
  if (items.length === 0) return <Nothing list={list} nothing={nothing} />
  return (
    <>
      <Table
        caption={caption}
        columns={columns}
        rows={items}
        more={more}
        onEnd={more && !busy ? next : undefined}
        rowClass={rowClass}
      />
      <p class="count" role="status">
        {more
          ? say(`已取 ${items.length} 条，后面还有`, `${items.length} are here, and there are more`)
          : say(`共 ${items.length} 条`, `${items.length} in all`)}
        {more && (
          <button type="button" onClick={all}>
            {busy ? say('停止', 'Stop') : say('全部取来', 'Fetch all')}
          </button>
        )}
      </p>
      {told.kind !== 'ok' && (
        <>
          <WhyNot told={told} />
          <button type="button" onClick={next}>
            {say('再试', 'Try again')}
          </button>
        </>
      )}
    </>
  )
}

const none: Both = { zh: '没有符合条件的记录。', en: 'There is none.' }

/** Nothing is there, or nothing was found yet of very much. */
function Nothing<T>({ list, nothing = none }: Pick<ListProps<T>, 'list' | 'nothing'>) {
  const { busy, more, next } = list
  if (busy) return <Waiting />
  return (
    <p class="note" role="status">
      {more
        ? say(
            '到目前为止没有找到，后面还有。',
            'Nothing was found so far, and there is more to look through.',
          )
        : sayBoth(nothing)}{' '}
      {more && (
        <button type="button" onClick={next}>
          {say('继续查找', 'Go on looking')}
        </button>
      )}
    </p>
  )
}
