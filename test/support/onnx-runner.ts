import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const PACKAGE = '@huggingface/transformers'
const VERSION = '4.3.1'

/**
 * A node_modules folder with what runs ONNX models, after an attempt to install it beside the user's other caches (half a gigabyte,
 * so it is no part of this project's own); undefined, with a word on stderr, where it cannot be had.
 */
export function onnxRunner(): string | undefined {
  const folder = join(homedir(), '.cache/agent-memory', `transformers-${VERSION}`)
  const modules = join(folder, 'node_modules')
  if (existsSync(modules)) return modules
  const fresh = `${folder}-${process.pid}`
  try {
    mkdirSync(fresh, { recursive: true })
    writeFileSync(join(fresh, 'package.json'), '{"private":true}')
    // Its scripts would download the libraries for graphics cards.
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${PACKAGE}@${VERSION}`]
    execFileSync('npm', args, { cwd: fresh, stdio: ['ignore', 2, 2], timeout: 170_000 })
    renameSync(fresh, folder)
    return modules
  } catch {
    rmSync(fresh, { recursive: true, force: true })
    // Another run was quicker.
    if (existsSync(modules)) return modules
    process.stderr.write(
      `${PACKAGE} is not here and cannot be installed: the test of local models is left out.\n`,
    )
    return undefined
  }
}
