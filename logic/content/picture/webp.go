package picture

import (
	"encoding/binary"
	"io"
)

// Sizes of what stands in front of the chunks of a WebP, of a chunk's data, and of the chunks of one image of an animation.
const (
	webpHead  = 12
	webpFront = 8
	webpFrame = 16
)

// What the first chunk of an extended WebP says.
const (
	webpAnimated = 0x02
	webpXMP      = 0x04
	webpEXIF     = 0x08
)

// How many bytes a pixel takes while it is decoded.
const (
	webpLossy    = 2
	webpLossless = 8 // before and behind a transformation
)

// cleanWebP keeps of a WebP what is needed to show it.
func cleanWebP(data []byte) (cleaned, error) {
	clean := cleaned{mimeType: WebP, decoding: webpLossy}
	if len(data) < webpHead {
		return clean, io.ErrUnexpectedEOF
	}
	body, _, err := take(data[8:], int(binary.LittleEndian.Uint32(data[4:])))
	if err != nil || len(body) < 4 {
		return clean, io.ErrUnexpectedEOF
	}
	out := append(make([]byte, 0, len(data)), data[:webpHead]...)
	if out, err = clean.keepChunks(out, body[4:]); err != nil {
		return clean, err
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	clean.data = out
	return clean, nil
}

// keepChunks adds to out what is kept of chunks, and notes what counts of the rest.
func (c *cleaned) keepChunks(out, chunks []byte) ([]byte, error) {
	for len(chunks) > 0 {
		if len(chunks) < webpFront {
			return nil, io.ErrUnexpectedEOF
		}
		name, size := string(chunks[:4]), int(binary.LittleEndian.Uint32(chunks[4:]))
		chunk, rest, err := take(chunks, webpFront+size+size%2)
		if err != nil {
			return nil, err
		}
		said, start := chunk[webpFront:webpFront+size], len(out)
		switch name {
		case "VP8X":
			if size == 0 {
				return nil, errMalformed
			}
			c.animated = c.animated || said[0]&webpAnimated != 0
			out = append(out, chunk...)
			out[start+webpFront] &^= webpXMP | webpEXIF
		case "ANMF":
			if size < webpFrame {
				return nil, errMalformed
			}
			c.animated = true
			out = append(out, chunk[:webpFront+webpFrame]...)
			if out, err = c.keepChunks(out, said[webpFrame:]); err != nil {
				return nil, err
			}
			binary.LittleEndian.PutUint32(out[start+4:], uint32(len(out)-start-webpFront))
		case "EXIF":
			c.orientation = orientationOf(said)
		case "ICCP":
			c.profile = said
			out = append(out, chunk...)
		case "VP8L":
			c.lossless, c.decoding = true, webpLossless
			out = append(out, chunk...)
		case "ALPH":
			c.decoding = webpLossless // which is how it is stored
			out = append(out, chunk...)
		case "VP8 ", "ANIM":
			out = append(out, chunk...)
		}
		chunks = rest
	}
	return out, nil
}
