const CONTEXT = 3
const MAX_WIDTH = 160
/** Of a longer line only what follows the first difference is read: a settings file may be one line of 30 MB. */
const MAX_READ = 65_536

interface Change {
  readonly file: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/**
 * The change as a unified diff with one hunk, for a terminal: other servers' secrets are masked and long lines cut to
 * the part that changes, so it is to be read and not to be applied.
 */
export function showDiff({ file, before, after }: Change): string {
  const [old, now] = [toLines(before), toLines(after)]
  const head = countSame(old, now)
  const tail = countSame(old.slice(head).reverse(), now.slice(head).reverse())
  const [from, oldTo, nowTo] = [Math.max(0, head - CONTEXT), old.length - tail, now.length - tail]
  const lead = old.slice(from, head)
  const follow = old.slice(oldTo, oldTo + CONTEXT)
  const at = (lines: readonly string[], to: number): string =>
    range(lines.length, from, to + follow.length - from)
  return [
    `--- ${before === undefined ? '/dev/null' : file}`,
    `+++ ${after === undefined ? '/dev/null' : file}`,
    `@@ -${at(old, oldTo)} +${at(now, nowTo)} @@`,
    ...lead.map((line) => ` ${show(line)}`),
    ...old.slice(head, oldTo).map((line, index) => `-${show(line, now[head + index])}`),
    ...now.slice(head, nowTo).map((line, index) => `+${show(line, old[head + index])}`),
    ...follow.map((line) => ` ${show(line)}`),
    '',
  ].join('\n')
}

/** Lines with the end of line as part of them, so that a missing last one is a change as well. */
function toLines(text: string | undefined): string[] {
  const lines = (text ?? '').split('\n')
  return lines.map((line, at) => (at < lines.length - 1 ? `${line}\n` : line)).filter((line) => line !== '')
}

function range(total: number, from: number, count: number): string {
  return `${total === 0 ? 0 : from + 1},${count}`
}

function countSame(a: readonly string[], b: readonly string[]): number {
  const differsAt = a.findIndex((line, at) => line !== b[at])
  return differsAt < 0 ? a.length : differsAt
}

function show(line: string, counterpart = ''): string {
  const missing = line.endsWith('\n') ? '' : '\n\\ No newline at end of file'
  const text = line.replace(/\r?\n$/, '')
  if (text.length <= MAX_READ) {
    const other = counterpart.length <= MAX_READ ? maskSecrets(counterpart) : counterpart
    return cut(maskSecrets(text), other) + missing
  }
  const start = sameStart(text, counterpart)
  return (start > 0 ? '…' : '') + cut(maskSecrets(text.slice(start, start + MAX_READ)), '') + missing
}

function cut(line: string, counterpart: string): string {
  if (line.length <= MAX_WIDTH) return line
  const start = Math.max(0, sameStart(line, counterpart) - MAX_WIDTH / 4)
  const part = line.slice(start, start + MAX_WIDTH).toWellFormed()
  return (start > 0 ? '…' : '') + part + (start + MAX_WIDTH < line.length ? '…' : '')
}

function sameStart(a: string, b: string): number {
  let at = 0
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  return at
}

/** A word and the text that it is given, if it is. Every word is read once, so the time grows as the line does. */
const NAMED = /("?[\w.-]+"?)(?:(\s*[:=]\s*)("[^"\\]*(?:\\.[^"\\]*)*(?:"|$)|'[^']*(?:'|$)))?/g
const SECRET_NAME = /key|token|secret|passw|auth|credential/i
/** A variable in a command, as `hook install` writes it: the whole word in quotes, or without a sign that needs them. */
const QUOTED_WORD = /'([A-Za-z]\w*)=(?:[^'\n]|'\\+'')*'/g
const PLAIN_WORD = /\b([A-Za-z]\w*)=[\w@%+=:,./-]+/g

/** Values whose name or look says that they are secret. */
function maskSecrets(line: string): string {
  return line
    .replaceAll(NAMED, (found: string, name: string, gives?: string) =>
      gives !== undefined && SECRET_NAME.test(name) ? `${name}${gives}"***"` : found,
    )
    .replaceAll(QUOTED_WORD, (found: string, name: string) =>
      SECRET_NAME.test(name) ? `'${name}=***'` : found,
    )
    .replaceAll(PLAIN_WORD, (found: string, name: string) => (SECRET_NAME.test(name) ? `${name}=***` : found))
    .replaceAll(/\b(sk-|ghp_|gho_|github_pat_|xox[abp]-|AKIA)[\w-]{8,}/g, '$1***')
    .replaceAll(/(\/\/[^/@\s":]*:)[^/@\s"]+@/g, '$1***@')
}
