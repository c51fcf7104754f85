package httpd

import (
	"mime/multipart"
	"strings"
)

// escapedInFilenames are the characters that browsers, and curl as they do, escape in the filename of a form's part: these and no others, the
// percent sign not among them.
var escapedInFilenames = strings.NewReplacer("%22", `"`, "%0D", "\r", "%0A", "\n")

// filenameOf returns what the file of a part is called, without its folders; empty where the part is none.
func filenameOf(part *multipart.Part) string { return escapedInFilenames.Replace(part.FileName()) }
