// A worker that polls and can do nothing.
export {};
