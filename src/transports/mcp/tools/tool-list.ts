import { OPERATIONS } from '../../../operations/index.ts'
import { type ListedTool, listTools } from './listed-tools.ts'

/**
 * Every tool. The build puts the finished list in the place of this module: making it, and the schemas that it is made
 * of, would take a good part of the time that a client waits for its first answer.
 */
export const TOOL_LIST: readonly ListedTool[] = listTools(OPERATIONS)
