package picture

import (
	"io"
)

// What the blocks of a GIF begin with.
const (
	gifExtension = 0x21
	gifImage     = 0x2c
	gifEnd       = 0x3b

	gifControl     = 0xf9 // an extension that says how the next image is shown
	gifApplication = 0xff // an extension of some program
)

// Sizes of what stands in front of the blocks of a GIF, and of an image.
const (
	gifHead      = 13
	gifImageHead = 10
)

// gifKept are the extensions of programs that are needed to show an animation: they say how often it is repeated.
var gifKept = map[string]bool{"NETSCAPE2.0": true, "ANIMEXTS1.0": true}

// cleanGIF keeps of a GIF what is needed to show it.
func cleanGIF(data []byte) (cleaned, error) {
	clean := cleaned{mimeType: GIF, lossless: true, decoding: 1}
	if len(data) < gifHead {
		return clean, io.ErrUnexpectedEOF
	}
	head, rest, err := take(data, gifHead+gifTable(data[10]))
	if err != nil {
		return clean, err
	}
	out := append(make([]byte, 0, len(data)), head...)
	for images := 0; ; {
		if len(rest) < 2 && (len(rest) == 0 || rest[0] != gifEnd) {
			return clean, io.ErrUnexpectedEOF
		}
		size, kept := 0, true
		switch rest[0] {
		case gifEnd:
			clean.data, clean.animated = append(out, gifEnd), images > 1
			return clean, nil
		case gifImage:
			images++
			if len(rest) < gifImageHead {
				return clean, io.ErrUnexpectedEOF
			}
			size = gifImageHead + gifTable(rest[9]) + 1 // and how wide the first codes are
		case gifExtension:
			size = 2
			kept = rest[1] == gifControl || rest[1] == gifApplication && len(rest) >= 14 && gifKept[string(rest[3:14])]
		default:
			return clean, errMalformed
		}
		if size, err = gifBlocks(rest, size); err != nil {
			return clean, err
		}
		if kept {
			out = append(out, rest[:size]...)
		}
		rest = rest[size:]
	}
}

// gifTable returns the size of the table of colours that flags announce.
func gifTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (1 + flags&7)
}

// gifBlocks returns where the pieces of data end that begin at start, each with its length in front, the last one empty.
func gifBlocks(data []byte, start int) (int, error) {
	for start < len(data) {
		length := int(data[start])
		start += 1 + length
		if length == 0 {
			return start, nil
		}
	}
	return 0, io.ErrUnexpectedEOF
}
