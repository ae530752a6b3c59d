import { z } from 'zod'

export const everywhere = z.boolean().default(false).describe('Every scope, none hides another')
