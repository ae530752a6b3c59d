/** One thing that was looked at, and how it is. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string
  /** `warning`: it works, and will give trouble. `broken`: it does not work. */
  readonly level: 'ok' | 'warning' | 'broken'
  readonly text: string
  /** What to do about it. */
  readonly mend?: string
}

/** Called as a copy goes on, in units of its own. */
export type CopyProgress = (done: number, total: number) => void

/** A copy of the database that was made, and looked at afterwards. */
export interface BackupReport {
  readonly path: string
  readonly bytes: number
  readonly schema_version: number
}

export interface RestoreReport {
  readonly path: string
  readonly schema_version: number
  /** Where the file that stood there before is kept; null where there was none. */
  readonly kept: string | null
}

/** A database looked at from outside, while servers may have it open. */
export interface DatabaseCheck {
  /** Looks at everything and changes nothing, whatever is wrong. */
  inspect(): Promise<readonly Finding[]>
  /** Mends what needs no decision, and says what it did. */
  mend(): Promise<readonly string[]>
  /** Lets a restored database go on above all numbers that were given out since its backup, and says what it did. */
  goOnAfterRestore(): Promise<readonly string[]>
}

/** The file of an embedded database, cared for from outside. */
export interface DatabaseFile extends DatabaseCheck {
  readonly path: string
  /** Copies the database, live or not, to a file that is not there yet. */
  backUp(target: string, progress: CopyProgress): Promise<BackupReport>
  /** Puts a backup in the place of the database, which is kept aside. Refused while others have it open. */
  restore(source: string, progress: CopyProgress): Promise<RestoreReport>
}
