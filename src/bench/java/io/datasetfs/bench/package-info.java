/** Benchmarks: compiled with the tests, so that they can't rot, and run by hand. */
package io.datasetfs.bench;
