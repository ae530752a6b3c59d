import type { CopyProgress } from '../../../domain/places/database-file.ts'
import type { CliIo } from '../io.ts'

/**
 * Shows on stderr how far a copy is, where stderr is a terminal. `end` takes it away again; twice is once.
 */
export function showProgress(
  { stderr, columns }: Pick<CliIo, 'stderr' | 'columns'>,
  what: string,
): { progress: CopyProgress; end: () => void } {
  if (columns === undefined) return { progress: () => {}, end: () => {} }
  let shown = ''
  return {
    progress(done, total) {
      const text = `${what} ${total > 0 ? Math.floor((done / total) * 100) : 0} %`
      if (text === shown) return
      shown = text
      stderr.write(`\r${text}`)
    },
    end() {
      if (shown) stderr.write(`\r${' '.repeat(shown.length)}\r`)
      shown = ''
    },
  }
}
