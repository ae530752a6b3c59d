import { resolve } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../arguments/usage.ts'
import type { CommandIo } from '../io.ts'
import { defineCommand } from './define.ts'

const CLIENTS = [
  'claude-code',
  'codex',
  'gemini-cli',
  'qwen-code',
  'copilot-cli',
  'cline',
  'opencode',
] as const

const target = {
  client: z.array(z.enum(CLIENTS)).default([]).describe('Which clients; without it every one that is here'),
  project: z
    .boolean()
    .default(false)
    .describe("The project's own file instead of the user's (claude-code, gemini-cli, qwen-code)"),
}

const by = z
  .enum(['auto', 'tool', 'command'])
  .default('auto')
  .describe(
    'Claude Code only: it calls a tool of our server, or starts a program; auto is the tool where its version can',
  )

const dryRun = z.boolean().default(false).describe('Show the change, write nothing')

export const hookInstall = defineCommand({
  words: ['hook', 'install'],
  summary: "Put locks and rules into a client's own hooks.",
  about: `Edits the client's settings file; everything else in it stays as it is, comments too. --data-dir and the like become the
hooks' own. Run again after an update or with other options: the hooks of before are replaced.`,
  input: z.object({
    ...target,
    fail_closed: z
      .boolean()
      .default(false)
      .describe('Block edits where nobody can tell whether another agent edits the file'),
    env: z.array(z.string()).default([]).meta({
      value: 'KEY=VALUE',
      isSecret: true,
      description: "Environment of the hooks: what the server's entry has there",
    }),
    by,
    dry_run: dryRun,
  }),
  examples: [
    ['agent-memory hook install', 'every client that is here'],
    ['agent-memory hook install --client claude-code --project', 'only in this project'],
  ],
  run: ({ client, project, fail_closed, env, by, dry_run }, io) =>
    run('install', io, {
      clients: client,
      inProject: project,
      isDryRun: dry_run,
      failClosed: fail_closed,
      by,
      env: { ...settingsOf(io), ...pairs(env) },
    }),
})

export const hookUninstall = defineCommand({
  words: ['hook', 'uninstall'],
  summary: 'Take the hooks out again.',
  about: 'Leads back to the very bytes of before where nothing else in the file has changed since.',
  input: z.object({ ...target, dry_run: dryRun }),
  examples: [['agent-memory hook uninstall --client claude-code', '']],
  run: ({ client, project, dry_run }, io) =>
    run('uninstall', io, {
      clients: client,
      inProject: project,
      isDryRun: dry_run,
      failClosed: false,
      by: 'command',
      env: {},
    }),
})

export const hookStatus = defineCommand({
  words: ['hook', 'status'],
  summary: 'Which clients run the hooks.',
  input: z.object(target),
  examples: [['agent-memory hook status', '']],
  run: ({ client, project }, io) =>
    run('status', io, {
      clients: client,
      inProject: project,
      isDryRun: true,
      failClosed: false,
      by: 'auto',
      env: settingsOf(io),
    }),
})

type Run = typeof import('../hook/install.ts').changeHooks

async function run(verb: Parameters<Run>[0], io: CommandIo, options: Parameters<Run>[1]): Promise<number> {
  const { changeHooks } = await import('../hook/install.ts')
  return changeHooks(verb, options, io)
}

/** The options before the command's own, as the hooks will get them. */
function settingsOf({ overrides, cwd }: CommandIo): Record<string, string> {
  const folder = overrides['AGENT_MEMORY_DATA_DIR']
  return { ...overrides, ...(folder !== undefined && { AGENT_MEMORY_DATA_DIR: resolve(cwd, folder) }) }
}

/** The values may be secret, so a message names the place only. */
function pairs(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair, at) => {
      const [, name, value] = /^([A-Za-z_]\w*)=([^\0]*)$/s.exec(pair) ?? []
      if (name !== undefined && value !== undefined) return [name, value]
      const example = 'For example: --env AGENT_MEMORY_DATA_DIR=/srv/memory'
      throw new UsageError('INVALID_PARAMETER', `--env number ${at + 1} is not KEY=VALUE.`, example)
    }),
  )
}
