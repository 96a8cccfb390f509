import { memoryStore } from '../../../src/adapters/stores/memory.js';
import { storeExam } from './exam.js';

storeExam('memoryStore', async () => memoryStore());
