import { ERRORS } from '../../src/domain/errors.ts'
import { page, table } from './markdown.ts'

export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([name, { code, http, retryable, hint }]) => [
    code,
    name,
    String(http),
    retryable ? 'yes' : '',
    hint,
  ])
  return page(
    'Errors',
    'Every refusal carries `{error: {code, name, message, details?, suggestion?}}`: what was wrong, and what to do next. ' +
      'Over MCP the result has `isError: true`; the command line prints it on stderr and ends with exit code 1.',
    table(['code', 'name', 'HTTP status', 'same call may succeed later', 'what to do'], rows),
  )
}
