// What REST answers of the books and of clearing, as far as the console shows it.

export interface Transfer {
  readonly row: string
  readonly settlement: string
  readonly owner: string
  readonly leg: number
  readonly kind: string
  readonly debit: string
  readonly credit: string
  readonly amount: string
  readonly position?: string | undefined
  readonly postedAt: string
}

export interface Account {
  readonly account: string
  readonly debits: string
  readonly credits: string
  readonly balance: string
}

export interface TrialBalance {
  readonly asOf?: string | undefined
  readonly items: readonly Account[]
  readonly debits: string
  readonly credits: string
  readonly difference: string
}

export interface Entry {
  readonly position?: string | undefined
  readonly postedAt: string
  readonly treatedOn?: string | undefined
  readonly settlement: string
  readonly row: string
  readonly leg: number
  readonly kind: string
  readonly side: string
  readonly counterAccount: string
  readonly amount: string
  readonly balance: string
}

export interface ClearingRun {
  readonly run: string
  readonly kind: string
  readonly window: string
  readonly until: string
  readonly region: string
  readonly due: string
  readonly closedAt: string
  readonly rows: number
  readonly partner?: string | undefined
  readonly institution?: string | undefined
}

export interface ClearingRunDetail extends ClearingRun {
  readonly state?: string | undefined
  readonly totals: readonly {
    readonly category: string
    readonly way: string
    readonly scheme: string
    readonly month: string
    readonly rows: number
    readonly total: string
    readonly fundTotal: string
    readonly account: string
    readonly due: string
  }[]
  readonly steps?:
    | readonly {
        readonly step: string
        readonly by: string
        readonly at: string
        readonly amount?: string | undefined
        readonly reason?: string | undefined
      }[]
    | undefined
}

export interface Statement {
  readonly reference: string
  readonly kind: string
  readonly sequence: number
  readonly scheme: string
  readonly postedOn: string
  readonly total: string
  readonly fundTotal: string
  readonly account: string
  readonly due: string
}

export interface Dispute {
  readonly reference: string
  readonly undo: boolean
  readonly kind: string
  readonly postedOn: string
  readonly amounts: readonly {
    readonly of: string
    readonly ours: string
    readonly theirs: string
    readonly by: string
  }[]
}
