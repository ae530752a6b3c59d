import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '..')
const INSPECTOR = join(ROOT, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js')
const PROGRAM = join(ROOT, 'dist/main.js')
const TOOL_REFUSED = 5

interface Surroundings {
  readonly dataDir: string
  readonly project: string
}

/** One run of the inspector's command line, with a server process of its own. Answers the result that it shows. */
export async function inspect(
  { dataDir, project }: Surroundings,
  args: readonly string[],
): Promise<Record<string, unknown>> {
  const server = [process.execPath, PROGRAM, 'mcp']
  const settings = ['-e', `AGENT_MEMORY_DATA_DIR=${dataDir}`, '-e', 'AGENT_MEMORY_AGENT_ID=inspector']
  const all = [
    INSPECTOR,
    '--cli',
    '--quiet',
    '--format',
    'json',
    ...settings,
    '--cwd',
    project,
    ...args,
    ...server,
  ]
  const env = { PATH: process.env['PATH'], HOME: dataDir }
  const { stdout } = await promisify(execFile)(process.execPath, all, { env }).catch(refusal)
  return (JSON.parse(stdout) as { result: Record<string, unknown> }).result
}

/** Calls a tool; answers what it answered, a refusal too. */
export async function inspectTool(
  surroundings: Surroundings,
  tool: string,
  args: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const call = ['--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(args)]
  const { structuredContent } = await inspect(surroundings, call)
  return structuredContent as Record<string, unknown>
}

function refusal(error: unknown): { stdout: string } {
  const { code, stdout } = error as { code?: unknown; stdout?: string }
  if (code === TOOL_REFUSED && stdout) return { stdout }
  throw error
}
