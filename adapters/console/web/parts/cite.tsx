import type { Citation } from '../api/types.ts'
import { gradeName } from '../words/domain.ts'
import { say } from '../words/say.ts'

/** Where a value is ruled (政策依据), and how sure we are of that. */
export function Cite({ of }: { readonly of: Citation }) {
  const { title, document, article, link, grade, confirmed } = of
  const text = [title, document, article].filter((part) => part !== undefined).join('，')
  return (
    <cite class="cite">
      {link !== undefined && /^https?:\/\//.test(link) ? (
        <a href={link} rel="noreferrer noopener" target="_blank">
          {text}
        </a>
      ) : (
        text
      )}{' '}
      <span class="soft">
        {gradeName(grade)} · {say(`${confirmed} 核实`, `confirmed ${confirmed}`)}
      </span>
    </cite>
  )
}
