/** How commands talk to this user's daemons: a socket for each, one JSON line a message. */
package io.datasetfs.daemon.control;
