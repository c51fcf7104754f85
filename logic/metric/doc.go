// Package metric counts what readers do, and answers from what was counted.
//
// A filter answers as if only the matching events had happened. A visitor counts once a UTC day, in the quarter of an hour
// of the first view. A visit ends after thirty minutes without a view, or with the UTC day, and counts in the quarter of an
// hour of its first view. So every figure of a range is the sum of its quarters, in whichever order events arrive.
//
// It knows nothing of HTTP, SQL or GraphQL, and nothing of posts but their keys.
package metric
