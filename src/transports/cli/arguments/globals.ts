import { z } from 'zod'
import { flagsOf } from './schema.ts'

/** Options of every command, before its words and after them: a command's own option of the same name goes first there. */
export const GLOBAL_FLAGS = flagsOf(
  z.object({
    json: z.boolean().optional().describe('The result as JSON'),
    data_dir: setting('AGENT_MEMORY_DATA_DIR', 'FOLDER'),
    db_path: setting('AGENT_MEMORY_DB_PATH', 'FILE'),
    project: setting('AGENT_MEMORY_PROJECT', 'NAME'),
    agent_id: setting('AGENT_MEMORY_AGENT_ID', 'ID'),
    log_level: setting('AGENT_MEMORY_LOG_LEVEL', 'LEVEL'),
    toolsets: setting('AGENT_MEMORY_TOOLSETS', 'LIST'),
    color: z.boolean().optional().meta({ isOnOff: true, description: 'Instead of NO_COLOR and FORCE_COLOR' }),
    version: z.boolean().optional().meta({ short: 'V', description: 'The version' }),
    help: z.boolean().optional().meta({ short: 'h', description: 'This text, or that of a command' }),
  }),
)

/** It overrides the environment. */
function setting(variable: string, value: string) {
  return z
    .string()
    .optional()
    .meta({ variable, value, description: `Instead of ${variable}` })
}
