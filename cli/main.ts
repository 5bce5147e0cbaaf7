#!/usr/bin/env -S node --optimize-for-size
// The flag has V8 collect garbage sooner: a plan over a million conversations then takes no more memory than a small one.
import { enableCompileCache } from 'node:module';

// Before anything else is loaded: it halves the time that a command takes to begin.
enableCompileCache();
const { runProgram } = await import('./program.ts');
await runProgram(process.argv);
