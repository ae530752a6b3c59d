import { modelTests } from '../planted.ts'
import { logMistakes, logSearches } from './searches.ts'

modelTests('log model', { searches: logSearches, mistakes: logMistakes })
