/** Objects of a bucket of an S3 server: the only place of the AWS SDK. */
package io.datasetfs.store.s3;
