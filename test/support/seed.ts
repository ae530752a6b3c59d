import fc from 'fast-check'
import { forgetSecrets } from '../../src/domain/text/secrets.ts'

// Loaded before each test file.

// The same cases in every run; FC_SEED tries others.
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20_261_123) })
// What settings of an earlier file in this worker held back must not be masked here.
forgetSecrets()
