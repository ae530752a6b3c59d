import { inject } from 'vitest'

// Loaded before each test file of the project that runs on PostgreSQL; see database.ts.
process.env['AGENT_MEMORY_TEST_POSTGRES_URL'] = inject('postgresUrl')
