import { join } from 'node:path'
import { generateContent } from '../model/generate-content.ts'
import type { CliClient, Seat, Start } from './client.ts'
import { putSettings } from './settings.ts'

export const geminiCli: CliClient = {
  id: 'gemini-cli',
  title: 'Gemini CLI',
  package: '@google/gemini-cli',
  version: '0.61.0',
  program: 'gemini',
  dialect: generateContent,
  prepare({ home, project }) {
    const settings = {
      general: { enableAutoUpdate: false, disableAutoUpdate: true, disableUpdateNag: true },
      privacy: { usageStatisticsEnabled: false },
      security: { auth: { selectedType: 'gemini-api-key' } },
    }
    putSettings(join(home, '.gemini/settings.json'), settings)
    putSettings(join(home, '.gemini/trustedFolders.json'), { [project]: 'TRUST_FOLDER' })
  },
  connectHttp({ home }, { url, key }) {
    const entry = { httpUrl: url, headers: { Authorization: `Bearer ${key}` }, trust: true }
    putSettings(join(home, '.gemini/settings.json'), { mcpServers: { 'agent-memory': entry } })
  },
  renewsSessions: false,
  start,
  startPrompt: (seat, task) => start(seat, `/session_start --task="${task}"`),
  editing: {
    start: (seat, prompt) => {
      const { args, env } = start(seat, prompt)
      return { args: [...args, '--approval-mode', 'auto_edit'], env }
    },
    read: (file_path) => ({ tool: 'read_file', args: { file_path } }),
    write: (file_path, content) => ({ tool: 'write_file', args: { file_path, content } }),
  },
  pause: { tool: 'glob', args: { pattern: '*.md' } },
}

function start({ modelUrl }: Seat, prompt: string): Start {
  return {
    args: ['-p', prompt, '-m', 'gemini-2.5-flash'],
    env: { GOOGLE_GEMINI_BASE_URL: modelUrl, GEMINI_API_KEY: 'scripted' },
  }
}
