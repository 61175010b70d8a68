/** The transport that speaks the kernel's own protocol over {@code /dev/fuse}. */
package io.datasetfs.fuse.kernel;
