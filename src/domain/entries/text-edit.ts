import { AppError } from '../errors.ts'
import { LIMITS } from './entry.ts'

/** A change to a part of a long text, so that the rest need not be sent again. */
export interface TextEdit {
  /** Comes after the text, on a line of its own unless it begins with white space. */
  readonly append?: string | undefined
  /** Stands in the text exactly once. */
  readonly replace?: { readonly old: string; readonly new: string } | undefined
}

/** The text after the change; first what is replaced, then what is appended. */
export function editedText(text: string, { append, replace }: TextEdit): string {
  const replaced = replace === undefined ? text : replacedOnce(text, replace)
  const edited = append === undefined ? replaced : appended(replaced, append)
  if (Buffer.byteLength(edited) <= LIMITS.contentBytes) return edited
  throw new AppError('TOO_LARGE', `The content would take more than ${LIMITS.contentBytes} bytes.`, {
    suggestion: 'Begin another entry, or take something out with replace.',
  })
}

function appended(text: string, more: string): string {
  const isOnLine = text === '' || /\s$/.test(text) || /^\s/.test(more)
  return isOnLine ? text + more : `${text}\n${more}`
}

function replacedOnce(text: string, { old, new: replacement }: { old: string; new: string }): string {
  const parts = text.split(old)
  const [before, after] = parts
  if (parts.length === 2) return `${before}${replacement}${after}`
  const times = parts.length - 1
  throw new AppError(
    'INVALID_PARAMETER',
    times === 0
      ? 'replace.old: the content does not hold this text.'
      : `replace.old: the content holds this text ${times} times.`,
    {
      details: { argument: 'replace.old', times },
      suggestion:
        times === 0
          ? 'Get the entry, and copy the text as it stands there, with its blanks and line ends.'
          : 'Give more of the text around it, so that it stands there once.',
    },
  )
}
