/** Fen of an amount in yuan, for sums and pictures; nothing of it is ever sent anywhere. */
export function fenOf(yuan: string): bigint {
  const sign = yuan.startsWith('-') ? -1n : 1n
  return sign * BigInt(yuan.replace(/[-.]/g, ''))
}

export function yuanOf(fen: bigint): string {
  const digits = String(fen < 0n ? -fen : fen).padStart(3, '0')
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** An amount as people read it: 12,345.67. */
export function grouped(yuan: string): string {
  const [whole = '', rest] = yuan.replace('-', '').split('.')
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${yuan.startsWith('-') ? '−' : ''}${text}${rest === undefined ? '' : `.${rest}`}`
}

export const isNothing = (yuan: string): boolean => /^-?0+(\.0+)?$/.test(yuan)

/** An amount (金额); nothing is shown quietly, so that what is something stands out. */
export function Yuan({ of }: { readonly of: string | undefined }) {
  if (of === undefined) return null
  const look = isNothing(of) ? 'yuan nothing' : of.startsWith('-') ? 'yuan below' : 'yuan'
  return <span class={look}>{grouped(of)}</span>
}

/** A sum of money in words that are easy to take in, such as 1.2 亿. */
export function roughly(fen: bigint, language: 'zh' | 'en'): string {
  const yuan = Number(fen) / 100
  const steps: readonly (readonly [number, string])[] =
    language === 'zh'
      ? [
          [1e8, '亿'],
          [1e4, '万'],
        ]
      : [
          [1e9, 'bn'],
          [1e6, 'm'],
          [1e3, 'k'],
        ]
  const step = steps.find(([size]) => Math.abs(yuan) >= size)
  return step ? `${(yuan / step[0]).toFixed(2)} ${step[1]}` : yuan.toFixed(2)
}
