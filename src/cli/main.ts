#!/usr/bin/env node
import { program } from './program.js';

// A reader that left (`muster list | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
process.exitCode = await program(process.argv);
