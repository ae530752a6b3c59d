import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { responses } from '../model/responses.ts'
import type { CliClient } from './client.ts'

export const codex: CliClient = {
  id: 'codex',
  title: 'Codex',
  package: '@openai/codex',
  version: '0.169.0',
  program: 'codex',
  dialect: responses,
  prepare({ home, project, modelUrl }) {
    mkdirSync(join(home, '.codex'), { recursive: true })
    const config = `model = "gpt-5.5"
model_provider = "scripted"
check_for_update_on_startup = false

[model_providers.scripted]
name = "scripted"
base_url = "${modelUrl}/v1"
env_key = "SCRIPTED_KEY"
wire_api = "responses"

[projects."${project}"]
trust_level = "trusted"
`
    writeFileSync(join(home, '.codex/config.toml'), config)
  },
  connectHttp({ home }, { url, key }) {
    const entry = `
[mcp_servers.agent-memory]
url = "${url}"
http_headers = { Authorization = "Bearer ${key}" }
default_tools_approval_mode = "approve"
`
    appendFileSync(join(home, '.codex/config.toml'), entry)
  },
  renewsSessions: true,
  start: (_place, prompt) => ({
    args: ['exec', '--json', prompt],
    env: { SCRIPTED_KEY: 'scripted' },
  }),
  editing: {
    start: (_seat, prompt) => ({
      args: [
        'exec',
        '--json',
        '--dangerously-bypass-approvals-and-sandbox',
        '--dangerously-bypass-hook-trust',
        prompt,
      ],
      env: { SCRIPTED_KEY: 'scripted' },
    }),
    read: (file) => ({ tool: 'exec_command', args: { cmd: `cat ${file}` } }),
    write: (file, text) => ({ tool: 'exec_command', args: { cmd: `cat > ${file} <<'EOF'\n${text}EOF\n` } }),
  },
  async reveal(model, tool) {
    await model.call({ name: 'tool_search' }, { query: tool, limit: 12 })
  },
  pause: { tool: 'exec_command', args: { cmd: 'sleep 0.2' } },
}
