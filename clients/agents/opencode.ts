import { join } from 'node:path'
import { chat } from '../model/chat.ts'
import type { CliClient } from './client.ts'
import { putSettings } from './settings.ts'

const ENV = { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' }

const SETTINGS = '.config/opencode/opencode.jsonc'

export const opencode: CliClient = {
  id: 'opencode',
  title: 'opencode',
  package: 'opencode-ai',
  version: '1.18.33',
  program: 'opencode',
  dialect: chat,
  prepare({ home, modelUrl }) {
    const config = {
      $schema: 'https://opencode.ai/config.json',
      autoupdate: false,
      share: 'disabled',
      model: 'scripted/scripted',
      provider: {
        scripted: {
          npm: '@ai-sdk/openai-compatible',
          name: 'Scripted',
          options: { baseURL: `${modelUrl}/v1`, apiKey: 'scripted' },
          models: { scripted: { name: 'Scripted', tool_call: true } },
        },
      },
    }
    putSettings(join(home, SETTINGS), config)
  },
  connectHttp({ home }, { url, key }) {
    const entry = { type: 'remote', url, headers: { Authorization: `Bearer ${key}` } }
    putSettings(join(home, SETTINGS), { mcp: { 'agent-memory': entry } })
  },
  renewsSessions: true,
  start: (_seat, prompt) => ({ args: ['run', prompt], env: ENV }),
  startPrompt: (_seat, task) => ({
    args: ['run', '--command', 'agent-memory:session_start', ...task.split(' ')],
    env: ENV,
  }),
  editing: {
    start: (_seat, prompt) => ({ args: ['run', prompt], env: ENV }),
    read: (filePath) => ({ tool: 'read', args: { filePath } }),
    write: (filePath, content) => ({ tool: 'write', args: { filePath, content } }),
  },
  pause: { tool: 'glob', args: { pattern: '*.md' } },
}
