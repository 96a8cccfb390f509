import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
export function offering(log: string, more?: string): McpServer;
