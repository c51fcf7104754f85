package httpd

import (
	"context"

	"headwater/logic"
	"headwater/logic/client"
)

// exchange is the context of one request, from its coming in to its answer: what is known of it, in one place that all steps add to. Each
// step does so before it hands the request on.
type exchange struct {
	logic.Request
	asking   *client.Client
	recorder recorder
	record   record
	making   making
	isMade   bool // whether an answer is made that may be everyone's, of which making knows
}

type exchangeKey struct{}

// Value returns what the context holds.
func (x *exchange) Value(key any) any {
	switch key.(type) {
	case exchangeKey:
		return x
	case client.AskingKey:
		return x.asking
	}
	return x.Request.Value(key)
}

// exchangeOf returns the exchange that ctx belongs to; an empty one where it belongs to none.
func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{Request: logic.Request{Context: ctx}}
}

// record is what a request leaves in the log beside what HTTP knows of it.
type record struct {
	status    int
	bytes     int64
	operation string // kind and name of the GraphQL operation, as "query Newest"
	errors    int
	code      logic.Code // of the first error
	client    string     // the name of the frontend that asked
	key       string     // the beginning of its key, by which people know it
	user      logic.UserID
}

// recordOf returns the record of the request that ctx belongs to.
func recordOf(ctx context.Context) *record { return &exchangeOf(ctx).record }
