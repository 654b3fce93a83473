# the decoder of n stages: the last stage, then the decoder of n - 1 stages
def segnet_decoder(x, written, blocks):
    if not written:
        return x
    *earlier, (indices, size) = written
    x = nn.MaxUnpool2d(2)(x, indices, output_size=torch.Size(size))
    return segnet_decoder(blocks[0](x), earlier, blocks[1:])
