import { join } from 'node:path'
import { anthropic } from '../model/anthropic.ts'
import type { CliClient, Seat, Start } from './client.ts'
import { putSettings } from './settings.ts'

export const claudeCode: CliClient = {
  id: 'claude-code',
  title: 'Claude Code',
  package: '@anthropic-ai/claude-code',
  version: '2.1.328',
  program: 'claude',
  dialect: anthropic,
  prepare: () => {},
  connectHttp({ home }, { url, key }) {
    const entry = { type: 'http', url, headers: { Authorization: `Bearer ${key}` } }
    putSettings(join(home, '.claude.json'), { mcpServers: { 'agent-memory': entry } })
    putSettings(join(home, '.claude/settings.json'), { permissions: { allow: ['mcp__agent-memory'] } })
  },
  renewsSessions: true,
  start,
  startPrompt: (seat, task) => start(seat, `/mcp__agent-memory__session_start ${task}`),
  editing: {
    start: (seat, prompt) => {
      const { args, env } = start(seat, prompt)
      return { args: [...args, '--permission-mode', 'acceptEdits'], env }
    },
    read: (file_path) => ({ tool: 'Read', args: { file_path } }),
    write: (file_path, content) => ({ tool: 'Write', args: { file_path, content } }),
  },
  async reveal(model, tool) {
    await model.call({ name: 'ToolSearch' }, { query: `select:mcp__agent-memory__${tool}` })
  },
  pause: { tool: 'Bash', args: { command: 'ls', description: 'Look around' } },
}

function start({ modelUrl }: Seat, prompt: string): Start {
  return {
    args: ['-p', prompt, '--model', 'claude-sonnet-4-5'],
    env: {
      ANTHROPIC_BASE_URL: modelUrl,
      ANTHROPIC_API_KEY: 'scripted',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
    },
  }
}
