# range(len - 1, 0, -1) counts down through the stages
def segnet_decoder(x, written, blocks):
    number = 0
    for stage in range(len(written) - 1, 0, -1):
        indices, size = written[stage]
        x = blocks[number](F.max_unpool2d(x, indices, 2, output_size=size))
        number += 1
    return x
