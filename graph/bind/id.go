package bind

import (
	"github.com/99designs/gqlgen/graphql"

	"headwater/logic"
)

// EncodeID returns the opaque string for an ID.
func EncodeID(id logic.ID) string { return id.String() }

// AppendID appends the opaque string for an ID.
func AppendID(to []byte, id logic.ID) []byte {
	to = append(to, '"')
	to = id.AppendTo(to)
	return append(to, '"')
}

// MarshalID writes the opaque string for an ID.
func MarshalID(id logic.ID) graphql.Marshaler { return marshaler(AppendID, id) }

// UnmarshalID reads an ID and never fails: what is no ID is the zero ID, which nobody has.
func UnmarshalID(v any) (logic.ID, error) {
	return decodeAny(v), nil
}

// AppendPostID appends the opaque string for a post's key.
func AppendPostID(to []byte, id logic.PostID) []byte { return AppendID(to, id.ID()) }

// MarshalPostID writes the opaque string for a post's key.
func MarshalPostID(id logic.PostID) graphql.Marshaler { return MarshalID(id.ID()) }

// UnmarshalPostID reads the key of a post and never fails: what is no ID of a post is the zero key, which no post has.
func UnmarshalPostID(v any) (logic.PostID, error) {
	if key, ok := decodeAny(v).Post(); ok {
		return key, nil
	}
	return 0, nil
}

// AppendTagID appends the opaque string for a tag's key.
func AppendTagID(to []byte, id logic.TagID) []byte { return AppendID(to, id.ID()) }

// MarshalTagID writes the opaque string for a tag's key.
func MarshalTagID(id logic.TagID) graphql.Marshaler { return MarshalID(id.ID()) }

// UnmarshalTagID reads the key of a tag and never fails: what is no ID of a tag is the zero key, which no tag has.
func UnmarshalTagID(v any) (logic.TagID, error) {
	if key, ok := decodeAny(v).Tag(); ok {
		return key, nil
	}
	return 0, nil
}

// AppendUserID appends the opaque string for a user's key.
func AppendUserID(to []byte, id logic.UserID) []byte { return AppendID(to, id.ID()) }

// MarshalUserID writes the opaque string for a user's key.
func MarshalUserID(id logic.UserID) graphql.Marshaler { return MarshalID(id.ID()) }

// UnmarshalUserID reads the key of a user and never fails: what is no ID of a user is the zero key, which no user has.
func UnmarshalUserID(v any) (logic.UserID, error) {
	if key, ok := decodeAny(v).User(); ok {
		return key, nil
	}
	return 0, nil
}

// AppendSessionID appends the opaque string for the key of a session.
func AppendSessionID(to []byte, id logic.SessionID) []byte { return AppendID(to, id.ID()) }

// MarshalSessionID writes the opaque string for the key of a session.
func MarshalSessionID(id logic.SessionID) graphql.Marshaler { return MarshalID(id.ID()) }

// UnmarshalSessionID reads the key of a session and never fails: what is no ID of one is the zero key, which no session has.
func UnmarshalSessionID(v any) (logic.SessionID, error) {
	if key, ok := decodeAny(v).Session(); ok {
		return key, nil
	}
	return 0, nil
}

// AppendClientID appends the opaque string for the key of a client.
func AppendClientID(to []byte, id logic.ClientID) []byte { return AppendID(to, id.ID()) }

// MarshalClientID writes the opaque string for the key of a client.
func MarshalClientID(id logic.ClientID) graphql.Marshaler { return MarshalID(id.ID()) }

// UnmarshalClientID reads the key of a client and never fails: what is no ID of one is the zero key, which no client has.
func UnmarshalClientID(v any) (logic.ClientID, error) {
	if key, ok := decodeAny(v).Client(); ok {
		return key, nil
	}
	return 0, nil
}

// AppendAPIKeyID appends the opaque string for the key of an API key.
func AppendAPIKeyID(to []byte, id logic.APIKeyID) []byte { return AppendID(to, id.ID()) }

// MarshalAPIKeyID writes the opaque string for the key of an API key.
func MarshalAPIKeyID(id logic.APIKeyID) graphql.Marshaler { return MarshalID(id.ID()) }

// UnmarshalAPIKeyID reads the key of an API key and never fails: what is no ID of one is the zero key, which no API key has.
func UnmarshalAPIKeyID(v any) (logic.APIKeyID, error) {
	if key, ok := decodeAny(v).APIKey(); ok {
		return key, nil
	}
	return 0, nil
}

// AppendRevisionID appends the opaque string for the key of a revision.
func AppendRevisionID(to []byte, id logic.RevisionID) []byte { return AppendID(to, id.ID()) }

// MarshalRevisionID writes the opaque string for the key of a revision.
func MarshalRevisionID(id logic.RevisionID) graphql.Marshaler { return MarshalID(id.ID()) }

// UnmarshalRevisionID reads the key of a revision and never fails: what is no ID of one is the zero key, which no revision has.
func UnmarshalRevisionID(v any) (logic.RevisionID, error) {
	if key, ok := decodeAny(v).Revision(); ok {
		return key, nil
	}
	return 0, nil
}

// AppendMediaID appends the opaque string for the key of a file.
func AppendMediaID(to []byte, id logic.MediaID) []byte { return AppendID(to, id.ID()) }

// MarshalMediaID writes the opaque string for the key of a file.
func MarshalMediaID(id logic.MediaID) graphql.Marshaler { return MarshalID(id.ID()) }

// UnmarshalMediaID reads the key of a file and never fails: what is no ID of one is the zero key, which no file has.
func UnmarshalMediaID(v any) (logic.MediaID, error) {
	if key, ok := decodeAny(v).Media(); ok {
		return key, nil
	}
	return 0, nil
}

// AppendWebhookID appends the opaque string for the key of a webhook.
func AppendWebhookID(to []byte, id logic.WebhookID) []byte { return AppendID(to, id.ID()) }

// MarshalWebhookID writes the opaque string for the key of a webhook.
func MarshalWebhookID(id logic.WebhookID) graphql.Marshaler { return MarshalID(id.ID()) }

// UnmarshalWebhookID reads the key of a webhook and never fails: what is no ID of one is the zero key, which no webhook has.
func UnmarshalWebhookID(v any) (logic.WebhookID, error) {
	if key, ok := decodeAny(v).Webhook(); ok {
		return key, nil
	}
	return 0, nil
}

// AppendDeliveryID appends the opaque string for the key of a delivery.
func AppendDeliveryID(to []byte, id logic.DeliveryID) []byte { return AppendID(to, id.ID()) }

// MarshalDeliveryID writes the opaque string for the key of a delivery.
func MarshalDeliveryID(id logic.DeliveryID) graphql.Marshaler { return MarshalID(id.ID()) }

// UnmarshalDeliveryID reads the key of a delivery and never fails: what is no ID of one is the zero key, which no delivery has.
func UnmarshalDeliveryID(v any) (logic.DeliveryID, error) {
	if key, ok := decodeAny(v).Delivery(); ok {
		return key, nil
	}
	return 0, nil
}

func decodeAny(v any) logic.ID {
	s, _ := v.(string)
	return logic.ParseID(s)
}
