package logic

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code says what a caller can do about an error. The first group reaches frontends in userErrors of a mutation, the
// second as extensions.code of a top-level error; a code of the first group that comes out of a query is BAD_REQUEST there, unless it
// says what became of a token that the query was asked with.
type Code string

// Codes of faults in what was sent: UserErrorCode in the contract.
const (
	CodeRequired Code = "REQUIRED"
	CodeInvalid  Code = "INVALID"
	CodeTooLong  Code = "TOO_LONG"
	CodeTaken    Code = "TAKEN"
	CodeNotFound Code = "NOT_FOUND"
	CodeExpired  Code = "EXPIRED"
	CodeStale    Code = "STALE"
	CodeInUse    Code = "IN_USE"

	CodeWrongCredentials Code = "WRONG_CREDENTIALS"
	CodeWeakPassword     Code = "WEAK_PASSWORD"
)

// Codes of top-level errors.
const (
	CodeBadRequest       Code = "BAD_REQUEST"
	CodeParseFailed      Code = "GRAPHQL_PARSE_FAILED"
	CodeValidationFailed Code = "GRAPHQL_VALIDATION_FAILED"
	CodeUnauthenticated  Code = "UNAUTHENTICATED"
	CodeForbidden        Code = "FORBIDDEN"
	CodeRateLimited      Code = "RATE_LIMITED"
	CodeTooComplex       Code = "TOO_COMPLEX"
	CodeTimeout          Code = "TIMEOUT"
	CodeOverloaded       Code = "OVERLOADED"
	CodeInternal         Code = "INTERNAL"
)

// Error is an error that its cause may know of: a code, a message that may be shown, the path of the input at fault
// (as ["input", "slug"], nil where no single input is), and the cause, which is never shown.
type Error struct {
	Code    Code
	Message string
	Field   []string
	Err     error
	// RetryAfter is how long to wait before the same may be asked again, where the error says so: RATE_LIMITED, OVERLOADED.
	RetryAfter time.Duration
}

// Error returns the message, with the field before it and the cause behind it where there are any.
func (e *Error) Error() string {
	text := e.Message
	if len(e.Field) > 0 {
		text = strings.Join(e.Field, ".") + ": " + text
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// At returns a copy of the error that names the input at fault.
func (e *Error) At(field ...string) *Error {
	copied := *e
	copied.Field = field
	return &copied
}

// Fault returns an error with a code and a message in the manner of fmt.Sprintf.
func Fault(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// ErrInternal stands for a failure that is not the caller's, and is all that anyone outside sees of it. By the time it is returned the
// log has the failure.
var ErrInternal = Fault(CodeInternal, "Something went wrong on the server. Its log says what, under the requestId.")

// Invalid returns an error with code INVALID: malformed, out of range, or not possible in the present state.
func Invalid(format string, args ...any) *Error { return Fault(CodeInvalid, format, args...) }

// NotFound returns the error for a thing that is not there, or that the viewer may not know of: the two read alike.
func NotFound(what string) *Error { return Fault(CodeNotFound, "There is no such %s.", what) }

// Faults is every fault of one input, so that all of them come in one answer.
type Faults []*Error

// Error returns the faults, one a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// Add keeps err, at the given field, where there is one. An error that is no *Error is a mistake of the program.
func (f *Faults) Add(err *Error, field ...string) {
	if err != nil {
		*f = append(*f, err.At(field...))
	}
}

// Err returns the faults as an error, nil where there are none.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// CodeOf returns the code of err, and INTERNAL for an error that is not of this package.
func CodeOf(err error) Code {
	if fault, ok := errors.AsType[*Error](err); ok {
		return fault.Code
	}
	if faults, ok := errors.AsType[Faults](err); ok && len(faults) > 0 {
		return faults[0].Code
	}
	return CodeInternal
}
