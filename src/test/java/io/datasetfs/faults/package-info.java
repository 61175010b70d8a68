/**
 * An S3 server's bad days: a proxy between the product and a real server that misbehaves on
 * request.
 */
package io.datasetfs.faults;
