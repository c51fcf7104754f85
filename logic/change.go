package logic

// TextChange is what an input says of a text that may be cleared: nothing, null (Given, without a Value), or another text.
type TextChange struct {
	Given bool
	Value *string
}

// Apply changes text where something was said.
func (c TextChange) Apply(text **string) {
	if c.Given {
		*text = c.Value
	}
}

// MediaChange is what an input says of a file that stands somewhere: nothing, null (Given, without a Value), or another file.
type MediaChange struct {
	Given bool
	Value *MediaID
}

// Apply changes media where something was said.
func (c MediaChange) Apply(media **MediaID) {
	if c.Given {
		*media = c.Value
	}
}
