// Package metric counts what readers do, and answers from what was counted.
//
// A filter answers as if only the matching events had happened. A visitor counts once a UTC day, in the quarter of an hour
// of the first view (under the name of an event: of the first such event). A visit ends after thirty minutes without a view,
// or with the UTC day, and counts in the quarter of an hour of its first view. So every figure of a range is the sum of its
// quarters, in whichever order events arrive.
//
// Each event counts under facets: in total, its post, the post's authors and tags as they stand, its path, referrer, device,
// browser, system and name. Figures of a facet are kept by day of the site's time zone for good, and by quarter of an hour for
// 35 days, so that the days of any zone can be put together; single events are kept for a time, to be counted anew where
// several conditions meet. A question is answered from the one of these that answers it exactly, or refused with a reason.
//
// Different texts of a kind have a bounded number of places on a UTC day, and a network can take only some of them by sending
// events, so that a stranger does not take them all; a post's own path always has one. A text without a place counts as
// OtherValue. Where it gets one later that day, its own figures begin there, and a filter by it is answered from single events.
//
// It knows nothing of HTTP, SQL or GraphQL, and nothing of posts but their keys, titles, authors and tags.
package metric
