// Package files keeps the contents of what was uploaded. What a file is, whose it is and who may have it are no matter of this room: see
// logic/content.
package files
