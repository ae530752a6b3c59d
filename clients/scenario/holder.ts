import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { Place } from '../place.ts'

export const HOLDER = 'the-other-agent'

/** Another agent with a server process of its own, on the same memory. */
export class Holder {
  readonly #client: Client

  private constructor(client: Client) {
    this.#client = client
  }

  static async start({ server, project }: Place): Promise<Holder> {
    const client = new Client({ name: 'holder', version: '1' })
    const env = { ...server.env, AGENT_MEMORY_AGENT_ID: HOLDER }
    await client.connect(new StdioClientTransport({ ...server, env, cwd: project, stderr: 'ignore' }))
    return new Holder(client)
  }

  async lock(action: string, args: object = {}): Promise<Record<string, unknown>> {
    const { structuredContent } = await this.#client.callTool({
      name: 'memory_file_lock',
      arguments: { action, ...args },
    })
    return structuredContent as Record<string, unknown>
  }

  async end(): Promise<void> {
    await this.#client.close()
  }
}
