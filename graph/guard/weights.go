package guard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Weights says what the fields of a contract may bring. A unit is about what a number or a date brings: some 20 bytes of an
// answer, and the work for them. All names are written "Type.field", or "Enum.VALUE".
type Weights struct {
	// Own is what a field brings beside its list's entries and the fields below it.
	Own map[string]int
	// Lengths is how long a list gets that has no page.
	Lengths map[string]int
	// Series is how long series of an interval get. A field with an argument named interval makes one, over the days of the
	// argument named range, its own or that of a field above it.
	Series map[string]Series
	// Once is the fields at the root of which an operation may hold one: one of them all, under whichever names.
	Once []string
	// Keyed is the fields at the root that heed an Idempotency-Key: with one, an operation may hold one of them all.
	Keyed []string
}

// Series says how many entries a series has: as many as of the given length in minutes fit into its days, and no more than
// Most.
type Series struct{ Minutes, Most int }

// rendering is what it weighs to make HTML of a text while somebody waits: an operation has room for some twenty.
const rendering = 40_000

// longText is what a text weighs that may come many times over, as the revisions of one post do: some 900 KB, near the greatest length of a
// text. A page of twenty passes.
const longText = 40_000

// DefaultWeights returns the weights of the contract: whole texts, searches, and figures that are added up from many rows
// weigh more than a value, and lists are as long as content and metrics let them get. A weight for a name that the contract
// no longer has fails when the program starts.
func DefaultWeights() Weights {
	return Weights{
		Own: map[string]int{
			"Post.html":               2_000,
			"Post.text":               2_000,
			"Post.markdown":           2_000,
			"Revision.markdown":       longText,
			"Revision.html":           rendering,
			"Revision.diff":           rendering / 2,
			"Query.postPreview":       rendering,
			"Post.excerpt":            20,
			"WebhookDelivery.payload": 30,
			"Post.related":            200,
			"Post.metrics":            200,
			"Query.searchPosts":       2_000,
			"Query.metrics":           2_000,
			"Metrics.totals":          4_000,
			"Metrics.previous":        2_000,
			"Metrics.series":          8_000,
			"Metrics.top":             12_000,
			"Metrics.topPosts":        12_000,
			"PostMetrics.totals":      400,
			"PostMetrics.series":      2_000,
			"PostMetrics.referrers":   800,

			"Mutation.createPost":      rendering,
			"Mutation.updatePost":      rendering,
			"Mutation.publishPost":     rendering,
			"Mutation.unpublishPost":   rendering,
			"Mutation.archivePost":     rendering,
			"Mutation.restoreRevision": rendering,
			"Mutation.mergeTags":       rendering,
			"Mutation.uploadMedia":     rendering,
			"Mutation.updateTag":       rendering,
		},
		Lengths: map[string]int{
			"Post.headings": 500, // a post may have 2,000, which no page of posts has: an answer of such is bounded by its bytes
			"Post.authors":  20,
			"Post.tags":     32,

			"Revision.authors": 20,
			"Revision.tags":    32,

			"Query.clients":             100,
			"Client.apiKeys":            100,
			"Client.allowedOrigins":     50,
			"Client.scopeCeiling":       10,
			"ApiKey.scopes":             10,
			"Viewer.scopes":             10,
			"Media.variants":            5,
			"DeleteMediaPayload.usedBy": 100,

			"Query.webhooks":  20,
			"Webhook.events":  3,
			"Viewer.sessions": 100,
		},
		Series: map[string]Series{
			"Interval.MINUTE": {1, 25 * 60},
			"Interval.HOUR":   {60, 35*24 + 1},
			"Interval.DAY":    {24 * 60, 3*365 + 1},
			"Interval.WEEK":   {7 * 24 * 60, 3*53 + 1},
			"Interval.MONTH":  {28 * 24 * 60, 3*12 + 1},
		},
		// What checks or sends a secret: aliases must not multiply tries, nor the work of hashing and rendering.
		Once: []string{
			"Query.postPreview",
			"Mutation.signUp", "Mutation.confirmEmail", "Mutation.signIn", "Mutation.changePassword", "Mutation.requestPasswordReset",
			"Mutation.resetPassword", "Mutation.updateProfile", "Mutation.createUser",
		},
		Keyed: []string{"Mutation.createPost", "Mutation.uploadMedia"},
	}
}

// check returns an error that names a weight of something that schema does not have.
func (w Weights) check(schema *ast.Schema) error {
	names := slices.Concat(slices.Collect(maps.Keys(w.Own)), slices.Collect(maps.Keys(w.Lengths)), w.Once, w.Keyed)
	for _, name := range names {
		typeName, fieldName, _ := strings.Cut(name, ".")
		definition := schema.Types[typeName]
		if definition == nil || definition.Fields.ForName(fieldName) == nil {
			return fmt.Errorf("guard: there is a weight for %s, which the schema does not have", name)
		}
	}
	for name := range w.Series {
		typeName, value, _ := strings.Cut(name, ".")
		definition := schema.Types[typeName]
		if definition == nil || definition.EnumValues.ForName(value) == nil {
			return fmt.Errorf("guard: there is a series for %s, which the schema does not have", name)
		}
	}
	return nil
}
