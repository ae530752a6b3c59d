import { createInterface } from 'node:readline/promises'
import type { AppError } from '../../../domain/errors.ts'
import type { CommandIo } from '../io.ts'
import { errorText } from '../view/errors.ts'
import type { Terminal } from '../view/terminal.ts'
import type { ClientId } from './clients/clients.ts'
import type { EntryState } from './plan.ts'
import type { Shadow } from './shadows.ts'

/** What there is to say about one client. */
export interface ClientReport {
  readonly client: ClientId
  readonly title: string
  readonly file?: string
  readonly state?: EntryState | 'not-installed' | 'unreadable'
  readonly action?: 'none' | 'shown' | 'declined' | 'added' | 'removed'
  readonly diff?: string
  readonly backup?: string
  /** What the entry would start and is not there. */
  readonly dead?: string
  /** Why the client does not start the server that it knows. */
  readonly off?: string
  /** Entries that the client prefers. */
  readonly shadows?: readonly Shadow[]
  /** Settings of this shell that the server will not get. */
  readonly lacking?: readonly string[]
  readonly error?: AppError
}

const STATES = {
  registered: 'registered',
  different: 'registered, but with another command',
  absent: 'not registered',
  'not-installed': 'not installed',
  unreadable: 'cannot be read',
} as const

/** Tells what happens: to people as it happens, to machines in one JSON document at the end. */
export class Reporter {
  readonly #io: CommandIo

  constructor(io: CommandIo) {
    this.#io = io
  }

  list(reports: readonly ClientReport[]): void {
    if (this.#io.isJson) this.end(reports)
    else this.#writeTable(reports)
  }

  diff({ title }: { readonly title: string }, diff: string): void {
    if (!this.#io.isJson) this.#say(`${title}\n${coloured(diff, this.#io.terminal)}`)
  }

  client(report: ClientReport, next: string): void {
    if (this.#io.isJson) return
    if (report.error !== undefined) {
      this.#complain(report.error)
      return
    }
    this.#say(`${sentence(report)}${report.backup ? ` The previous file is kept as ${report.backup}.` : ''}`)
    if (report.action === 'added') this.#say(next)
    this.#say('')
  }

  end(reports: readonly ClientReport[]): void {
    this.#io.answer({ clients: reports.map(toJson) }, () => '')
  }

  note(text: string): void {
    if (!this.#io.isJson) this.#io.stderr.write(`${text}\n`)
  }

  #writeTable(reports: readonly ClientReport[]): void {
    const width = Math.max(...reports.map((report) => report.client.length))
    const stateWidth = Math.max(...reports.map((report) => STATES[report.state ?? 'absent'].length))
    for (const { client, state = 'absent', file = '' } of reports) {
      this.#say(`${client.padEnd(width)}  ${STATES[state].padEnd(stateWidth)}  ${file}`)
    }
    for (const { error } of reports) if (error !== undefined) this.#complain(error)
    for (const report of reports) for (const line of troubles(report)) this.note(line)
    this.#say('\nagent-memory setup <client> registers the server; --dry-run only shows the change.')
  }

  #say(text: string): void {
    this.#io.stdout.write(`${text}\n`)
  }

  #complain(error: AppError): void {
    this.#io.stderr.write(errorText(error))
  }
}

export async function askYesNo({ stdin, stdout }: CommandIo, question: string): Promise<boolean> {
  const prompt = createInterface({ input: stdin, output: stdout })
  const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')))
  try {
    return /^y(es)?$/i.test((await Promise.race([prompt.question(question), closed])).trim())
  } finally {
    prompt.close()
  }
}

function troubles({ client, dead, off, shadows = [], lacking = [] }: ClientReport): string[] {
  return [
    ...(off ? [`${client}: ${off}`] : []),
    ...(dead ? [`${client}: ${dead} agent-memory setup ${client} registers it anew.`] : []),
    ...shadows.map(
      ({ where, mend }) => `${client}: another entry of that name comes first: ${where}. ${mend}`,
    ),
    ...(lacking.length > 0 ? [`${client}: ${notHandedOn(lacking, client)}`] : []),
  ]
}

function notHandedOn(names: readonly string[], client: ClientId): string {
  return `its server does not get ${names.join(', ')}. agent-memory setup ${client} writes what is not secret into the entry, --env NAME=VALUE the rest.`
}

function sentence({ title, file, state, action }: ClientReport): string {
  if (action === 'added') return `${title}: registered in ${file}.`
  if (action === 'removed' && state !== 'absent') return `${title}: the entry of before is back in ${file}.`
  if (action === 'removed') return `${title}: taken out of ${file}.`
  if (action === 'declined') return `${title}: nothing was changed.`
  if (action === 'shown') return `${title}: nothing was changed (--dry-run).`
  return state === 'registered'
    ? `${title}: already registered in ${file}.`
    : `${title}: not registered in ${file}; nothing to undo.`
}

function toJson({ error, ...report }: ClientReport): Record<string, unknown> {
  return { ...report, ...error?.toBody() }
}

function coloured(diff: string, { red, green }: Terminal): string {
  return diff.replaceAll(/^[-+].*$/gm, (line) => (line.startsWith('+') ? green(line) : red(line)))
}
