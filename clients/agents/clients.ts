import { claudeCode } from './claude-code.ts'
import type { CliClient } from './client.ts'
import { codex } from './codex.ts'
import { copilotCli } from './copilot-cli.ts'
import { geminiCli } from './gemini-cli.ts'
import { opencode } from './opencode.ts'

/** Every client that is driven. A new one is a new file. */
export const CLI_CLIENTS: readonly CliClient[] = [claudeCode, codex, geminiCli, opencode, copilotCli]
