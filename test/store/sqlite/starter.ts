import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openOnce } from './files.ts'

// A process that starts on one new file after the other, each in the very moment in which its fellows do:
// `starter.ts <folder> <processes> <files>`. A line for every start that failed.

const [folder = '', processes, files] = process.argv.slice(2)

for (let file = 0; file < Number(files); file += 1) {
  await standAtTheLine(`line-${file}-`)
  try {
    await openOnce(join(folder, `memory-${file}.db`))
  } catch (error) {
    process.stdout.write(`${String(error)}\n`)
  }
}

async function standAtTheLine(line: string): Promise<void> {
  writeFileSync(join(folder, `${line}${process.pid}`), '')
  while (readdirSync(folder).filter((name) => name.startsWith(line)).length < Number(processes))
    await new Promise((resolve) => setImmediate(resolve))
}
