import type { AppError } from '../../../domain/errors.ts'
import { oneLine } from './terminal.ts'

/** An error for people, wherever it comes from: what was wrong, and what to do. */
export function errorText(error: AppError): string {
  const { code, errorName, message, suggestion } = error
  const lines = [`${code} ${errorName}: ${message}`, ...detailsOf(error), suggestion]
  return `${lines.map(oneLine).join('\n')}\n`
}

/**
 * What a caller may need of the details, such as the holder of a lock, as far as the message does not say it.
 */
function detailsOf({ message, details = {} }: AppError): string[] {
  const said = new Set(message.split(/[\s'",()]+|[.:](?:\s|$)/))
  return Object.entries(details).flatMap(([key, given]) => {
    const value = Array.isArray(given) ? given.flatMap(nameOf).join(', ') : given
    return isShown(value) && !said.has(String(value)) ? [`${key}: ${value}`] : []
  })
}

function nameOf(value: unknown): string[] {
  const isNamed = typeof value === 'object' && value !== null && 'name' in value
  return isNamed ? [JSON.stringify(value.name)] : []
}

function isShown(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}
