package picture

import (
	"image"
	"image/draw"
	"slices"
)

// rows hands out the rows of an image, each as RGBA. Images are turned into RGBA a row at a time, since a whole one would take as much
// memory again as the image itself.
type rows struct {
	from image.Image
	row  *image.RGBA // of the width that the image is shown at
	at   int         // which one that is
}

// rowsOf returns the rows of an image that is shown at a width; what is around it is transparent.
func rowsOf(from image.Image, width int) *rows {
	return &rows{from, image.NewRGBA(image.Rect(0, 0, width, 1)), -1}
}

// get returns a row, which is good until another is asked for.
func (r *rows) get(y int) []byte {
	if canvas, ok := r.from.(*image.RGBA); ok && canvas.Rect.Min == (image.Point{}) && canvas.Rect.Dx() == r.row.Rect.Dx() {
		return canvas.Pix[y*canvas.Stride:]
	}
	if r.at != y {
		r.at = y
		clear(r.row.Pix)
		if shown := r.from.Bounds(); y >= shown.Min.Y && y < shown.Max.Y {
			draw.Draw(r.row, image.Rect(shown.Min.X, 0, shown.Max.X, 1), r.from, image.Pt(shown.Min.X, y), draw.Src)
		}
	}
	return r.row.Pix
}

// turned returns an image of a size as it stands upright, where EXIF says that it is stored in an orientation.
func turned(stored image.Image, width, height, orientation int) *image.RGBA {
	lying := orientation >= 5
	size := image.Rect(0, 0, width, height)
	if lying {
		size = image.Rect(0, 0, height, width)
	}
	straight := image.NewRGBA(size)
	mirrored := orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8
	flipped := orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7
	from := rowsOf(stored, width)
	for fromY := range height {
		row := from.get(fromY)
		for fromX := range width {
			x, y := fromX, fromY
			if mirrored {
				x = width - 1 - x
			}
			if flipped {
				y = height - 1 - y
			}
			if lying {
				x, y = y, x
			}
			copy(straight.Pix[straight.PixOffset(x, y):][:4], row[4*fromX:])
		}
	}
	return straight
}

// copiesOf returns the copies of an image of a size at the fixed widths below its own, the narrowest first.
func copiesOf(whole image.Image, width, height int, encoder encoder) ([]File, error) {
	var made []*image.RGBA
	var copies []File
	for _, narrower := range widths {
		if narrower >= width {
			continue
		}
		// A copy that is at least twice as wide has all that a smaller one shows, and is read faster.
		source, from := rowsOf(whole, width), image.Pt(width, height)
		for _, wider := range made {
			if wider.Rect.Dx() >= 2*narrower {
				source, from = rowsOf(wider, wider.Rect.Dx()), wider.Rect.Max
			}
		}
		scaled := shrunk(source, from, image.Pt(narrower, max(1, (height*narrower+width/2)/width)))
		file, err := encoder.encode(scaled, copyQuality)
		if err != nil {
			return nil, err
		}
		made, copies = append(made, scaled), append(copies, file)
	}
	slices.Reverse(copies)
	return copies, nil
}

// span is a part of a row or a column: the places from first on, each with how much of it counts.
type span struct {
	first   int
	weights []uint64
}

// spanOne is the sum of the weights of a span.
const spanOne = 1 << 16

// spansOf returns, for each of to places, what it is of from places: no more than they are.
func spansOf(from, to int) []span {
	spans := make([]span, to)
	for i := range spans {
		// All is counted in parts of which each old place has to, and each new one from.
		start, end := i*from, (i+1)*from
		spans[i].first = start / to
		left := uint64(spanOne)
		for place := start / to; place*to < end; place++ {
			part := min(end, (place+1)*to) - max(start, place*to)
			weight := min(left, uint64(part)*spanOne/uint64(from)+1)
			spans[i].weights = append(spans[i].weights, weight)
			left -= weight
		}
		spans[i].weights[0] += left
	}
	return spans
}

// shrunk returns what has one size at a smaller one: each pixel is the mean of the area that it stands for.
func shrunk(source *rows, from, to image.Point) *image.RGBA {
	columns, spans := spansOf(from.X, to.X), spansOf(from.Y, to.Y)
	small := image.NewRGBA(image.Rectangle{Max: to})
	sums := make([]uint64, 4*to.X)
	for y, row := range spans {
		clear(sums)
		for i, rowWeight := range row.weights {
			line := source.get(row.first + i)
			for x, column := range columns {
				var red, green, blue, alpha uint64
				for k, weight := range column.weights {
					pixel := line[4*(column.first+k):]
					red += weight * uint64(pixel[0])
					green += weight * uint64(pixel[1])
					blue += weight * uint64(pixel[2])
					alpha += weight * uint64(pixel[3])
				}
				sums[4*x] += rowWeight * red
				sums[4*x+1] += rowWeight * green
				sums[4*x+2] += rowWeight * blue
				sums[4*x+3] += rowWeight * alpha
			}
		}
		for i, sum := range sums {
			small.Pix[y*small.Stride+i] = byte((sum + spanOne*spanOne/2) / (spanOne * spanOne))
		}
	}
	return small
}
