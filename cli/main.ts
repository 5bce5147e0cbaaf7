#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Before anything else is loaded: it halves the time that a command takes to begin.
enableCompileCache();
const { runProgram } = await import('./program.ts');
await runProgram(process.argv);
