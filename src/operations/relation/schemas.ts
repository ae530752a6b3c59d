import { text } from '../../domain/text.ts'

export const relationType = text(128).trim().min(1)
