package content

import (
	"headwater/logic"
	"headwater/logic/content/render"
)

// maxExcerpt is how many characters an excerpt may have: about as many as an Outline's lead.
const maxExcerpt = 1000

// Excerpt returns the post's summary, else the beginning of its text, cut at a word to at most length characters. INVALID
// (field length) unless length is 1 to 1,000.
func (p Post) Excerpt(outline Outline, length int) (string, error) {
	if length < 1 || length > maxExcerpt {
		return "", logic.Invalid("an excerpt has 1 to %d characters, not %d", maxExcerpt, length).At("length")
	}
	return render.Excerpt(p.Summary, outline.Lead, length), nil
}
