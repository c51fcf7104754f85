package bind

import (
	"github.com/99designs/gqlgen/graphql"

	"headwater/logic"
	"headwater/logic/content"
)

// MarshalUpload writes null: no answer has a file in it.
func MarshalUpload(content.Upload) graphql.Marshaler { return graphql.Null }

// UnmarshalUpload reads the file that the transport put into the variables, or returns INVALID where there is none.
func UnmarshalUpload(v any) (content.Upload, error) {
	if upload, ok := v.(content.Upload); ok {
		return upload, nil
	}
	return content.Upload{}, logic.Invalid("a file comes in a multipart request, as a variable of its own")
}
