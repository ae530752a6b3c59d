import type { Migration } from '../migrate.ts'
import { initial } from './0001-initial.ts'
import { keptVersions } from './0002-kept-versions.ts'

export const MIGRATIONS: readonly Migration[] = [initial, keptVersions]
