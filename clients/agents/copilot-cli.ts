import { chat } from '../model/chat.ts'
import type { CliClient, Seat, Start } from './client.ts'

export const copilotCli: CliClient = {
  id: 'copilot-cli',
  title: 'Copilot CLI',
  package: '@github/copilot',
  version: '1.0.102',
  program: 'copilot',
  dialect: chat,
  prepare: () => {},
  editing: {
    start,
    read: (path) => ({ tool: 'view', args: { path } }),
    // It creates no file that is there already.
    write: (path, text) => ({ tool: 'edit', args: { path, old_str: '// nothing\n', new_str: text } }),
  },
  pause: { tool: 'view', args: { path: '.' } },
}

function start({ modelUrl }: Seat, prompt: string): Start {
  return {
    args: ['-p', prompt, '--allow-all-tools', '--allow-all-paths', '--no-color'],
    env: {
      COPILOT_PROVIDER_BASE_URL: `${modelUrl}/v1`,
      COPILOT_PROVIDER_API_KEY: 'scripted',
      COPILOT_MODEL: 'gpt-4.1',
      COPILOT_AUTO_UPDATE: 'false',
    },
  }
}
