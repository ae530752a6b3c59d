import { resolve } from 'node:path'
import type { CommandIo } from '../io.ts'
import { runSetup } from '../setup/run.ts'

/** Runs `agent-memory setup`. Global flags before it become the server's environment. */
export async function run(argv: string[], io: CommandIo): Promise<number> {
  const env = Object.entries(io.overrides).flatMap(([variable, value]) => [
    '--env',
    `${variable}=${variable === 'AGENT_MEMORY_DATA_DIR' ? resolve(io.cwd, value) : value}`,
  ])
  return runSetup([...argv, ...env], io)
}
